/**
 * A small WebDriver BiDi client: what the tests need to drive Firefox, including the extension's
 * own pages, which Puppeteer loses sight of when Firefox moves them to another process.
 * @see https://w3c.github.io/webdriver-bidi/
 */
export class BidiConnection {
  readonly #socket: WebSocket;
  readonly #pending = new Map<
    number,
    { resolve: (result: unknown) => void; reject: (error: Error) => void }
  >();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', (event) => this.#receive(String(event.data)));
    socket.addEventListener('close', () => this.#hangUp());
  }

  static async open(url: string): Promise<BidiConnection> {
    const socket = new WebSocket(`${url}/session`);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', () => reject(new Error(`Cannot connect to ${url}`)), {
        once: true,
      });
    });
    const connection = new BidiConnection(socket);
    await connection.send('session.new', { capabilities: {} });
    return connection;
  }

  /** Sends one command. Rejects with the browser's own words, or after `timeoutMs`. */
  send<R = unknown>(method: string, params: object, timeoutMs = 60_000): Promise<R> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise<R>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new Error(`${method} had no answer in ${timeoutMs} ms`));
      }, timeoutMs);
      this.#pending.set(id, {
        resolve: (result) => {
          clearTimeout(timer);
          resolve(result as R);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      // A closed socket takes what it is given and says nothing.
      if (this.#socket.readyState === WebSocket.OPEN) {
        this.#socket.send(JSON.stringify({ id, method, params }));
      } else {
        this.#hangUp();
      }
    });
  }

  /** Nothing more will be answered. */
  #hangUp(): void {
    for (const pending of this.#pending.values()) pending.reject(new Error('Firefox hung up'));
    this.#pending.clear();
  }

  #receive(text: string): void {
    const message = JSON.parse(text);
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return; // an event, or the answer to a command that timed out
    this.#pending.delete(message.id);
    if (message.type === 'error') pending.reject(new Error(`${message.error}: ${message.message}`));
    else pending.resolve(message.result);
  }
}

type ScriptResult =
  | { readonly type: 'success'; readonly result: { readonly value?: unknown } }
  | { readonly type: 'exception'; readonly exceptionDetails: { readonly text: string } };

/** One tab of Firefox. */
export class BidiTab {
  readonly #connection: BidiConnection;
  readonly #context: string;

  constructor(connection: BidiConnection, context: string) {
    this.#connection = connection;
    this.#context = context;
  }

  /** Opens a new tab in front. */
  static async open(connection: BidiConnection): Promise<BidiTab> {
    const { context } = await connection.send<{ context: string }>('browsingContext.create', {
      type: 'tab',
    });
    return new BidiTab(connection, context);
  }

  /** Loads a web page and waits for it. */
  async goTo(url: string): Promise<void> {
    await this.#connection.send('browsingContext.activate', { context: this.#context });
    await this.#connection.send('browsingContext.navigate', {
      context: this.#context,
      url,
      wait: 'complete',
    });
  }

  /** Loads a page of the extension; the load moves to another process, so it is waited for by asking. */
  async goToExtension(url: string): Promise<void> {
    await this.#connection.send('browsingContext.navigate', {
      context: this.#context,
      url,
      wait: 'none',
    });
    await this.waitFor(
      `location.href === ${JSON.stringify(url)} && document.readyState === 'complete'`,
    );
  }

  /** Evaluates an expression, awaits it, and returns its value, which must survive JSON. */
  async evaluate<R>(expression: string): Promise<R> {
    const answer = await this.#connection.send<ScriptResult>('script.evaluate', {
      expression: `Promise.resolve(${expression}).then((value) => JSON.stringify(value ?? null))`,
      target: { context: this.#context },
      awaitPromise: true,
    });
    if (answer.type === 'exception') throw new Error(answer.exceptionDetails.text);
    return JSON.parse(String(answer.result.value));
  }

  async waitFor(condition: string, timeoutMs = 60_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    let last = 'false';
    while (Date.now() < deadline) {
      try {
        if (await this.evaluate<boolean>(`Boolean(${condition})`)) return;
      } catch (thrown) {
        last = String(thrown); // the page may be in the middle of a change of process
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`Not true in ${timeoutMs} ms: ${condition} (${last})`);
  }

  async resize(viewport: { readonly width: number; readonly height: number }): Promise<void> {
    await this.#connection.send('browsingContext.setViewport', {
      context: this.#context,
      viewport,
    });
  }

  async type(text: string): Promise<void> {
    const actions = [...text].flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ]);
    await this.#connection.send('input.performActions', {
      context: this.#context,
      actions: [{ type: 'key', id: 'keyboard', actions }],
    });
  }

  async screenshot(): Promise<Buffer> {
    const { data } = await this.#connection.send<{ data: string }>(
      'browsingContext.captureScreenshot',
      { context: this.#context },
    );
    return Buffer.from(data, 'base64');
  }

  async close(): Promise<void> {
    await this.#connection.send('browsingContext.close', { context: this.#context });
  }
}
