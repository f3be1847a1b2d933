"""What the app knows of an account: models, the store that screens read, the gateway to the device service."""
