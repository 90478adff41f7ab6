/** Compiles `assembly/kernels.ts` to `dist/kernels.wasm`: WebAssembly with SIMD and shared memory. */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));

export async function buildKernels() {
	await mkdir(`${root}dist`, { recursive: true });
	const { error, stderr } = await asc.main(
		[
			'assembly/kernels.ts',
			...['--baseDir', root, '--outFile', 'dist/kernels.wasm'],
			...['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd,threads'],
			...['--importMemory', '--sharedMemory', '--initialMemory', '16', '--maximumMemory', '65536'],
		],
		{ stdout: process.stdout, stderr: process.stderr },
	);
	if (error) throw new Error(`the kernels do not compile: ${error.message}\n${stderr}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels();
