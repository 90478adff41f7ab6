/** What of WebAssembly's interface the engine uses; Node has it, the types of Node 20 do not. */
declare namespace WebAssembly {
	class Memory {
		constructor(descriptor: { initial: number; maximum?: number; shared?: boolean });
		readonly buffer: ArrayBufferLike;
		grow(pages: number): number;
	}
	class Module {
		constructor(bytes: Uint8Array);
	}
	class Instance {
		constructor(module: Module, imports?: Readonly<Record<string, Readonly<Record<string, unknown>>>>);
		readonly exports: Readonly<Record<string, unknown>>;
	}
	function validate(bytes: Uint8Array): boolean;
}
