/**
 * Calls `stop` once when the parent process has ended for whatever reason. Does nothing in a
 * process that was started by hand, which has no channel to a parent.
 */
export function onSupervisorGone(stop: () => void): void {
  if (process.channel === undefined) return
  process.once('disconnect', stop)
}
