--! Title: What else is in the database, and what of it reads the chat

-- Functions, jobs, views, keys, and what an earlier run left. Nothing here changes anything.
