"""A plugin of pytest: hypothesis tries the same examples each time, and looks for no smaller one that fails."""

from hypothesis import Phase, settings

settings.register_profile("unshrunk", derandomize=True, database=None, phases=(Phase.explicit, Phase.generate))
settings.load_profile("unshrunk")
