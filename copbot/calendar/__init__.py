"""When: reading the days and hours people say, following them on the clocks of their walls, writing them."""
