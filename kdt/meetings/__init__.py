"""What happens at meetings: agendas and sittings; and who may change panels and locations."""
