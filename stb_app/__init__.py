"""The on-screen account app: input, toolkit, screens. No privileges, no secrets; it talks to the device service."""
