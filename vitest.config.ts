import { defineConfig } from 'vitest/config'
import { languageParts } from './src/page/language-parts.ts'

export default defineConfig({
  plugins: [languageParts],
  test: {
    include: ['test/**/*.test.ts'],
    // A busy machine with two cores takes its time over processes and scrypt; a test that hangs is
    // still ended.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    // As many as cores: tests of processes and signals have limits of their own, which a third one
    // made them miss.
    maxWorkers: 2,
    // Files share modules: loading them anew for each file took a fifth of the run.
    isolate: false,
    // A spy on a shared prototype must not outlive its test.
    restoreMocks: true,
  },
})
