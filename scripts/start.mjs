/** `npm start` opens the bundled model, `npm start -- FILE` another. */
if (process.argv.length < 3) process.argv.push('mtcnn');
await import('../dist/cli.js');
