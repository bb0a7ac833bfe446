/**
 * Calls `stop` once when the process that forked this one is gone, however it
 * went. A process started by hand has no parent channel, and nothing happens.
 */
export function onSupervisorGone(stop: () => void): void {
  if (process.channel === undefined) return
  process.once('disconnect', stop)
}
