/** The page: signing in, and one conversation after the other. */
import { ServerRefusalError } from '../../client/errors.js';
import { Conversation, type SignIn } from './conversation.js';
import { nameProblem, textProblem } from './messages.js';
import { element, say, View } from './view.js';

const input = (id: string): HTMLInputElement => element(id, HTMLInputElement);
const form = (id: string): HTMLFormElement => element(id, HTMLFormElement);
const [signInPage, chatPage] = [element('sign-in', HTMLElement), element('chat', HTMLElement)];
const signInForm = signInPage.querySelector('form') as HTMLFormElement;
const text = element('text', HTMLTextAreaElement);

let conversation: Conversation | undefined;
let view: View | undefined;

/** Two pages of one user would write over each other's session: the second one is told so. Gives what lets go. */
function hold(name: string): Promise<(() => void) | undefined> {
  return new Promise((resolve) => {
    // Only where the page came from a trustworthy place do browsers have them.
    if (!('locks' in navigator)) {
      resolve(() => {});
      return;
    }
    void navigator.locks.request(`chat:${name}`, { ifAvailable: true }, (lock) => {
      if (lock === null) resolve(undefined);
      return lock === null ? undefined : new Promise<void>((release) => resolve(release));
    });
  });
}

function signInProblem(name: string, password: string): [field: string, problem: string] | undefined {
  const problem = nameProblem(name);
  if (problem !== undefined) return ['name', `User name: ${problem}.`];
  return password === '' ? ['password', 'Password: it is missing.'] : undefined;
}

function refuseSignIn(field: string, problem: string): void {
  say('sign-in-problem', problem);
  for (const id of ['name', 'password']) input(id).setAttribute('aria-invalid', String(id === field));
  input(field).focus();
}

async function brokerUrl(): Promise<string> {
  const response = await fetch('/settings.json');
  const { broker } = (await response.json()) as { broker?: unknown };
  if (typeof broker !== 'string') throw new Error('settings.json: broker is missing');
  return broker;
}

async function signIn(name: string, password: string): Promise<void> {
  const problem = signInProblem(name, password);
  if (problem !== undefined) {
    refuseSignIn(...problem);
    return;
  }
  say('sign-in-problem', undefined);
  const release = await hold(name);
  if (release === undefined) {
    refuseSignIn('name', `User name: ${name} is signed in on another page of this browser.`);
    return;
  }
  const version = element('version', HTMLSelectElement).value === '4' ? 4 : 5;
  try {
    await converse({ url: await brokerUrl(), name, password, version });
  } catch (error) {
    refuseSignIn('password', `Signing in failed: ${inWords(error)}.`);
  } finally {
    release();
  }
}

/** Settles when the user has signed out; rejects when the chat cannot go on. */
async function converse(how: SignIn): Promise<void> {
  let isShown = false;
  let isDue = false;
  const current = new Conversation(how, localStorage, () => {
    if (!isShown && current?.connection.state === 'lost')
      say('sign-in-problem', 'The server cannot be reached. Trying again …');
    if (!isShown || isDue) return;
    isDue = true;
    // Once for all that comes at once.
    setTimeout(() => {
      isDue = false;
      if (conversation === current) view?.draw();
    });
  });
  conversation = current;
  const shown = current.ready().then(() => {
    isShown = true;
    input('password').value = '';
    signInPage.hidden = true;
    chatPage.hidden = false;
    view = new View(current, open);
  });
  shown.catch(() => {});
  const reason = await current.closed;
  view?.close();
  view = undefined;
  conversation = undefined;
  signInPage.hidden = false;
  chatPage.hidden = true;
  document.title = 'Chat over MQTT';
  if (isShown && reason !== undefined) refuseSignIn('name', `You are signed out: ${inWords(reason)}.`);
  else if (reason !== undefined) throw reason;
  else input('name').focus();
}

function inWords(error: unknown): string {
  if (error instanceof ServerRefusalError) {
    const { reasonCode } = error;
    const isConnack = error.packet.type === 'connack';
    // 4 and 5 are the Return Codes of MQTT 3.1.1.
    if (isConnack && [0x86, 0x87, 4, 5].includes(reasonCode)) return 'the user name or the password is wrong';
    if (reasonCode === 0x8e) return 'you have signed in somewhere else';
  }
  return error instanceof Error ? error.message : String(error);
}

function open(other: string): void {
  view?.open(other);
  say('find-problem', undefined);
  say('text-problem', undefined);
  text.focus();
}

signInForm.addEventListener('submit', (event) => {
  event.preventDefault();
  const button = signInForm.querySelector('button') as HTMLButtonElement;
  if (button.disabled) return;
  button.disabled = true;
  void signIn(input('name').value.trim(), input('password').value).finally(() => {
    button.disabled = false;
  });
});

element('sign-out', HTMLButtonElement).addEventListener('click', () => void conversation?.leave());

form('find').addEventListener('submit', (event) => {
  event.preventDefault();
  const name = input('somebody').value.trim();
  const problem = name === conversation?.name ? 'that is you' : nameProblem(name);
  say('find-problem', problem && `User name: ${problem}.`);
  if (problem !== undefined) return;
  input('somebody').value = '';
  open(name);
});

form('compose').addEventListener('submit', (event) => {
  event.preventDefault();
  const message = text.value.trim();
  const problem = textProblem(message);
  say('text-problem', problem && `Message: ${problem}.`);
  if (problem !== undefined || view?.other === undefined) return;
  conversation?.send(view.other, message);
  text.value = '';
});

text.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form('compose').requestSubmit();
});

input('name').focus();
