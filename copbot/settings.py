"""What the deployer sets: copbot.toml in the working folder, overridden by environment variables named COPBOT_…"""

import random
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from copbot.core.house import DEFAULTS, House


class Settings(BaseSettings):
    """Every setting. config/copbot.toml shows each with its meaning and its default."""

    model_config = SettingsConfigDict(env_prefix="COPBOT_", toml_file="copbot.toml", extra="forbid")

    database_url: str = Field(default="sqlite:///copbot.db", description="The database: a SQLite file or postgresql://…")
    freespeech_url: str = Field(
        default="sqlite:///freespeech.db", description="The database of parole libre, apart from the other and from its backups"
    )
    freespeech_key_file: Path = Field(
        default=Path("freespeech.key"),
        description="The key of parole libre, made at its first use; never beside its database's backups",
    )
    config: Path = Field(default=DEFAULTS, description="The folder of templates: check-in questions, weekly questions, privacy")
    language: Literal["en", "fr"] = Field(default="fr", description="The language of a group until it chooses one")
    zone: str = Field(default="Europe/Paris", description="The time zone of a group until it chooses one")
    allow: frozenset[str] = Field(default=frozenset(), description="Groups copbot may work in, such as telegram:-1001234567")
    controller: str = Field(default="", description="Who is responsible for people's data: the name /privacy shows")
    contact: str = Field(default="", description="Where people write about their data: an address /privacy shows")
    keep_days: dict[str, int] = Field(default_factory=dict, description="Days after which each kind of data is erased")
    telegram_token: SecretStr = Field(default=SecretStr(""), description="The token that @BotFather gave to copbot's account")
    telegram_token_file: Path = Field(default=Path("telegram.token"), description="The file with it; copbot connect writes it")
    telegram_base_url: str = Field(default="https://api.telegram.org/bot", description="Where the Bot API is asked")
    telegram_base_file_url: str = Field(
        default="https://api.telegram.org/file/bot", description="Where files that people send are fetched"
    )
    telegram_webhook_url: str = Field(default="", description="The address Telegram posts to; without one, copbot polls")
    telegram_webhook_listen: str = Field(default="127.0.0.1:8080", description="Where copbot listens behind that address")

    matrix_account: Path = Field(default=Path("matrix.json"), description="The Matrix account; copbot connect makes the file")
    matrix_store: Path = Field(default=Path("matrix.keys"), description="The file of its encryption keys")
    matrix_trust: Literal["all", "verified"] = Field(
        default="all", description="Which devices may read: all of those of a room's members, or those their owners verified"
    )
    matrix_choices: Literal["reactions", "polls", "text"] = Field(
        default="reactions", description="How choices are offered besides their numbers in the text"
    )

    def token_of_telegram(self) -> str:
        """The token from the settings, else from its file; "" where there is neither."""
        if token := self.telegram_token.get_secret_value().strip():
            return token
        return self.telegram_token_file.read_text(encoding="ascii").strip() if self.telegram_token_file.is_file() else ""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment before file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    def house(self, *, chance: random.Random, ask_consent: bool = True, demo: bool = False) -> House:
        """The settings as features see them."""
        return House(
            chance=chance,
            ask_consent=ask_consent,
            demo=demo,
            config=self.config,
            allow=self.allow,
            controller=self.controller,
            contact=self.contact,
            keep_days=self.keep_days,
            language=self.language,
            zone=self.zone,
        )
