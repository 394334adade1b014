"""Software of the devices: releases, rings, rollouts, and how far each device is."""
