/**
 * Builds `dist/`: the program in one bundle (Ink and React in pieces that only the shell loads), the library, and
 * its types. Run by `npm ci` through `prepare`.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildKernels } from './build-kernels.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
rmSync('dist', { recursive: true, force: true });

/** Packages written for CommonJS call `require` inside an ES module's bundle. */
const banner = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);`;

/** Ink loads its developer tools only when asked to; they stay out of the bundle. */
const withoutDevtools = {
	name: 'without-devtools',
	setup(builder) {
		builder.onResolve({ filter: /^react-devtools-core$/ }, () => ({
			path: 'react-devtools-core',
			namespace: 'empty',
		}));
		builder.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'export default {};' }));
	},
};

const common = {
	bundle: true,
	platform: 'node',
	target: 'node20.19',
	format: 'esm',
	define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
	logLevel: 'warning',
};

await Promise.all([
	buildKernels(),
	build({
		...common,
		entryPoints: ['src/cli.ts'],
		outdir: 'dist',
		splitting: true,
		chunkNames: 'chunks/[name]-[hash]',
		banner: { js: banner },
		plugins: [withoutDevtools],
		// Identifiers stay, so that a stack trace can be read.
		minifyWhitespace: true,
		minifySyntax: true,
	}),
	build({ ...common, entryPoints: ['src/index.ts'], outfile: 'dist/index.js', packages: 'external' }),
]);
chmodSync('dist/cli.js', 0o755);

const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
execFileSync(process.execPath, [join(dirname(typescript), 'bin/tsc'), '-p', 'tsconfig.types.json'], {
	stdio: 'inherit',
});
for (const file of readdirSync('dist/types', { recursive: true, encoding: 'utf8' })) {
	if (file.endsWith('.d.ts')) rewriteImports(join('dist/types', file));
}
writeFileSync('dist/types/index.d.ts', "export * from './src/index.js';\n");

/** The compiler leaves `.ts` in the imports of declarations, where the files beside them end in `.d.ts`. */
function rewriteImports(path) {
	const text = readFileSync(path, 'utf8');
	writeFileSync(path, text.replace(/((?:from |import\()['"]\.{1,2}\/[^'"]+)\.tsx?(?=['"])/g, '$1.js'));
}
