/** A connection over a socket of this machine → its address, as the command line takes it. */
export function addressOf({ host, port, user, password, database }) {
  return `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password ?? '')}@localhost:${port}/${database}?host=${encodeURIComponent(host)}&sslmode=disable`;
}
