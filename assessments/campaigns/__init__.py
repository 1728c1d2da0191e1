"""Campaigns (创建工作): settings, phases, leading group, departments with their contact persons."""
