/**
 * Runs `work` immediately and then every `intervalMs`, never twice at the same time. It is a plain
 * interval, because a scheduler stored in Redis would be lost with Redis' data.
 */
export function startRounds(options: {
  intervalMs: number
  work: () => Promise<void>
  onError: (error: unknown) => void
}): { stop: () => Promise<void> } {
  let running: Promise<void> | null = null
  const run = (): void => {
    if (running !== null) return
    running = options
      .work()
      .catch(options.onError)
      .finally(() => {
        running = null
      })
  }
  const timer = setInterval(run, options.intervalMs)
  run()
  return {
    /** Resolves when the current round has ended. */
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
