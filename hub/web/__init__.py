"""What every screen needs: templates, guard, headers, languages, formats, assets, server.

Knows no concern of the city.
"""
