"""Layout, focus, text and painting. With ``stb_app.platform`` the only place that knows pygame."""
