import { defineConfig } from 'vitest/config'

/**
 * For `npm run test:mutation`: the tests of one folder, which Stryker passes as `dir`, without those
 * that start a program for each case.
 */
export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/long/**', '**/interop.test.ts'],
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
})
