"""What follows from an interface: functions over `ir`, which checks and targets ask."""
