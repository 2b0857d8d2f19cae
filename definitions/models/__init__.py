"""What "qualified" means, in signed versions."""

from definitions.models.definition import Definition, DefinitionSignature, DefinitionVersion

__all__ = ["Definition", "DefinitionSignature", "DefinitionVersion"]
