--! Title: An empty database
--! Quarantine: 0

-- A new project: the platform is there, nothing of the chat is. The fix must build everything by itself.
