"""What proves to a source who is asking."""

import re
from dataclasses import dataclass

from pydantic import SecretStr

from extract.errors import SettingsError

_TOKEN = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Credentials:
    """A bearer token, sent as a header, or else an API key, sent as the parameter `api_key`."""

    bearer_token: SecretStr | None = None
    api_key: SecretStr | None = None

    def __post_init__(self) -> None:
        # Refused here, since h11's own complaint about a header quotes its value.
        for name in ("bearer_token", "api_key"):
            if (value := _value(getattr(self, name))) and not _TOKEN.fullmatch(value):
                raise SettingsError(
                    name.upper(),
                    "holds a space or another character that no token has",
                    "copy it again, whole and alone",
                )

    @property
    def headers(self) -> dict[str, str]:
        """The headers that carry it."""
        token = _value(self.bearer_token)
        return {"authorization": f"Bearer {token}"} if token else {}

    @property
    def params(self) -> dict[str, str]:
        """The parameters that carry it; none where a bearer token does."""
        key = _value(self.api_key)
        return {"api_key": key} if key and not _value(self.bearer_token) else {}

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown, sent or not."""
        values = (_value(self.bearer_token), _value(self.api_key))
        return tuple(value for value in values if value)


def _value(secret: SecretStr | None) -> str:
    return secret.get_secret_value().strip() if secret else ""
