/**
 * Runs `work` once at once and then every `intervalMs`, never twice at a time. A
 * plain interval: a scheduler that lives in Redis would vanish with Redis' data.
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
    /** Resolves when the round that is under way has ended. */
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
