"""site.toml: what it may say, read into one frozen value."""

from explainer.config.config import (
    CARD_FONT_ENDINGS,
    DATED_KINDS,
    FILE_NAME,
    PATH_SAFE,
    Config,
    PublisherConfig,
    SectionRule,
    load_config,
    parse_base_url,
)
from explainer.config.toml import TomlDocument, read_toml

__all__ = [
    "CARD_FONT_ENDINGS",
    "DATED_KINDS",
    "FILE_NAME",
    "PATH_SAFE",
    "Config",
    "PublisherConfig",
    "SectionRule",
    "TomlDocument",
    "load_config",
    "parse_base_url",
    "read_toml",
]
