"""The sources: what each offers, how it errs, how its answers fall apart into documents."""
