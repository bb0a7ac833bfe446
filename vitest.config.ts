import { defineConfig } from 'vitest/config'
import { languageParts } from './src/page/language-parts.ts'

export default defineConfig({
  plugins: [languageParts],
  test: {
    include: ['test/**/*.test.ts'],
    // Processes and scrypt are slow on a busy machine with two cores. A test that hangs still ends.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    // Waits have no limit of their own. One second, the default, is short on a busy machine.
    expect: { poll: { timeout: 80_000 } },
    // One more than the cores of a small machine, because many tests wait for processes and disks.
    maxWorkers: 3,
    // Files share modules: loading them again for each file took a fifth of the run.
    isolate: false,
    // A spy on a shared prototype must not outlive its test.
    restoreMocks: true,
    // Only with --coverage. Processes that tests start are not counted.
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'workers/**/*.ts', 'config/**/*.ts'],
      reporter: ['text'],
      reportsDirectory: 'var/coverage',
      reportOnFailure: true,
    },
  },
})
