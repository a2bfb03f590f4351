"""Makes .venv what requirements.lock and pyproject.toml say; quick when it already is.

Runs on a bare Python 3.11 or later. Two at once wait for each other; one that is killed is made
good by the next.
"""

import ast
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
STAMP = VENV / "set-up.txt"
INPUTS = ("requirements.lock", "pyproject.toml")


def main() -> None:
    """Set up, under a lock."""
    if sys.version_info < (3, 11):  # noqa: UP036 - it is older ones that must read this
        sys.exit("Showhouse needs Python 3.11 or later: make PYTHON=/path/to/python3.11 …")
    with (ROOT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        profiles = ROOT / "profiles.yml"
        if not profiles.exists():
            shutil.copyfile(ROOT / "profiles.example.yml", profiles)
        if not STAMP.is_file() or STAMP.read_text() != _wanted():
            _install()
            STAMP.write_text(_wanted())


def _wanted() -> str:
    # Where it stands counts as well: a virtual environment cannot be moved.
    digest = hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in INPUTS)).hexdigest()
    return f"{VENV}\n{sys.version}\n{digest}\n"


def _install() -> None:
    print("Setting up .venv (half a minute, once)", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    python = str(VENV / "bin" / "python")
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    locked = ["install", "--requirement", "requirements.lock"]
    if not _installed_by_uv(python, pip, locked):
        print("Now with pip, which takes a minute", flush=True)
        # What is imported is compiled then; compiling all of it here takes half a minute.
        subprocess.run([*pip, *locked, "--no-compile"], cwd=ROOT, check=True)
    itself = ["install", "--no-deps", "--no-build-isolation", "--editable", "."]
    subprocess.run([*pip, *itself], cwd=ROOT, check=True)
    # A first run then parses nothing. A project that does not parse is no fault of the set-up.
    keep = "from flows.dbt_runner import keep_project; keep_project()"
    subprocess.run([python, "-c", keep], cwd=ROOT, check=False)


def _installed_by_uv(python: str, pip: list[str], locked: list[str]) -> bool:
    """Install with uv, which takes a fifth of pip's time, and say whether it could.

    It asks the index that pip is told of. Of other settings of pip's it knows nothing: where they
    are needed it fails, and pip takes its turn.
    """
    listed = subprocess.run([*pip, "config", "list"], capture_output=True, text=True).stdout
    lines = (line.partition("=") for line in listed.splitlines())
    told = {name: ast.literal_eval(value) for name, _, value in lines if value}
    if any(name.endswith(".no-index") for name in told):
        return False
    sections = (":env:", "install", "global")
    indexes = [told[f"{each}.index-url"] for each in sections if f"{each}.index-url" in told]
    environment = {"UV_DEFAULT_INDEX": indexes[0]} if indexes else {}
    itself = ["install", "--constraint", "requirements.lock", "uv"]
    return not (
        subprocess.run([*pip, *itself], cwd=ROOT).returncode
        or subprocess.run(
            [python, "-m", "uv", "pip", "--quiet", *locked, "--python", python],
            cwd=ROOT,
            env=environment | os.environ,
        ).returncode
    )


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"Set-up failed ({error}); what it said stands above. `make` tries again.")
