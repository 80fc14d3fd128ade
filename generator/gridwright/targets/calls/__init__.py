"""Operations, systems and limits as constants of the runtime's types."""
