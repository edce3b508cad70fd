"""What clients and former superiors say of a manager, in writing and on the phone."""
