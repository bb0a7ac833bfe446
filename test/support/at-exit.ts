const works: (() => void)[] = []

function runAll(): void {
  for (const work of works.splice(0)) work()
}

process.once('exit', runAll)
// Vitest ends its processes with SIGTERM, after which Node emits no `exit`.
process.once('SIGTERM', () => {
  runAll()
  // The signal does what it does without this handler.
  setImmediate(() => process.kill(process.pid, 'SIGTERM'))
})

/** Runs `work` when this process ends, in the order of the calls; Vitest gives it half a second. */
export function atExit(work: () => void): void {
  works.push(work)
}
