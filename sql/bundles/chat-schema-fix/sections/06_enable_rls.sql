--! Title: Enable row level security
--! Needs: 01
--! Remains: row level security on the four tables

-- Enables row level security on the four tables, and does not force it on their owner. The helper functions read as the owner:
-- forced, it would have the policies ask themselves.
alter table public.chat_rooms enable row level security, no force row level security;
alter table public.chat_room_members enable row level security, no force row level security;
-- mutant: row level security is not enabled on room_members
alter table public.room_members enable row level security, no force row level security;
-- mutant: forced row level security stays on its owner
alter table public.chat_messages enable row level security, no force row level security;
