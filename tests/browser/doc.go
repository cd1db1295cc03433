// Package browser has the test that looks at the Temporal UI as the PMO does, with a browser: chromium on PATH, or the program that
// CHROME names.
package browser
