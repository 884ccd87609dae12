/**
 * A session of the application: its own calls, in its order, by two people. `ask` speaks to the data API and gives status and
 * body; an answer that is no error and still wrong is told to `complain`. Runs in a browser and in Node.
 */
export async function useApplication({ ask, complain }, { me, friend, newcomer, room }) {
  const call = (who, method, path, body, prefer) => ask(who.token, { method, path, body, prefer });
  const got = (answer) => (answer.status < 400 ? answer.body : undefined);
  const write = (who, to, content) =>
    call(who, 'POST', 'chat_messages', { room_id: to, sender: who.id, content }, 'return=representation');

  await call(
    me,
    'GET',
    `chat_room_members?select=room_id,chat_rooms!inner(id,type,title,created_by)&user_id=eq.${me.id}&status=eq.approved`,
  );
  await call(me, 'GET', `chat_messages?select=*&room_id=eq.${room}&order=created_at.asc`);
  await write(me, room, 'Is anybody here?');

  const group = got(
    await call(me, 'POST', 'rpc/create_group_room', {
      p_creator: me.id,
      p_is_private: false,
      p_member_ids: [friend.id],
      p_name: 'Browser console',
    }),
  );
  const [conversation] =
    got(await call(me, 'POST', 'rpc/ensure_direct_conversation', { me: me.id, partner: friend.id })) ?? [];
  await call(me, 'POST', 'rpc/open_or_create_dm', { partner: friend.id });
  // Without a group or a conversation the application has nothing to write into.
  if (conversation !== undefined) await write(me, conversation.output_room_id, 'Hello');
  if (group === undefined) return;

  await write(friend, group, 'Hello everybody');
  const rows = got(await call(me, 'GET', `chat_messages?select=*&room_id=eq.${group}&order=created_at.asc`));
  if (rows !== undefined && rows.length !== 1)
    complain(`${rows.length} messages in the group, and one was sent`);
  await call(
    me,
    'GET',
    `chat_messages?select=*&room_id=eq.${group}&created_at=gt.2025-01-01T00:00:00Z&order=created_at.asc&limit=200`,
  );
  const others = got(
    await call(me, 'GET', `chat_messages?select=content&room_id=in.(${room},${group})&sender=neq.${me.id}`),
  );
  if (others !== undefined && !others.some(({ content }) => content === 'Hello everybody')) {
    complain('what the friend sent to the group does not arrive');
  }
  await call(me, 'GET', `chat_rooms?select=*&id=eq.${group}`);

  const request = { room_id: group, user_id: newcomer.id, role: 'member', status: 'pending' };
  await call(newcomer, 'POST', 'chat_room_members', request, 'resolution=merge-duplicates');
  const asked = `chat_room_members?room_id=eq.${group}&user_id=eq.${newcomer.id}`;
  await call(me, 'PATCH', asked, { status: 'approved' });
  const let_in = got(await call(newcomer, 'GET', `chat_messages?select=*&room_id=eq.${group}`));
  if (let_in !== undefined && let_in.length !== 1) complain('who was let in does not read the group');
  await call(newcomer, 'DELETE', asked);
  await call(me, 'DELETE', `chat_rooms?id=eq.${group}`);
}
