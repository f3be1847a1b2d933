"""Keys and certificates of the demonstration: one operator CA, the service's TLS, every box and card."""

from tools.provisioning.keyring import BoxKeys, KeyRing, ProvisioningError, RsaCardKeys

__all__ = ["BoxKeys", "KeyRing", "ProvisioningError", "RsaCardKeys"]
