"""How much hypothesis tries. Not shrunk: what took place in real time does not take place twice."""

from hypothesis import HealthCheck, Phase, settings

_COMMON = settings(
    stateful_step_count=8,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)
#: The same lives each time, about a minute.
CI = settings(_COMMON, max_examples=15, derandomize=True)
#: A few lives, other ones each time.
SOAK = settings(_COMMON, max_examples=4)
