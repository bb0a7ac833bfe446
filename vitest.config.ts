import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Both cores: vitest leaves one free, and much of the time is spent waiting for other processes.
    maxWorkers: 2,
  },
})
