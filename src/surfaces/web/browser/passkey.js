// In the browser: hands what the page's forms ask for to the authenticator, and its answer to the form.
const { browserSupportsWebAuthn, startAuthentication, startRegistration } = window.SimpleWebAuthnBrowser;

for (const form of document.querySelectorAll('form[data-passkey]')) {
  const button = form.querySelector('button');
  const said = form.querySelector('[role="status"]');
  const words = JSON.parse(form.dataset.words);
  if (!browserSupportsWebAuthn()) {
    said.textContent = words.cannot;
    continue;
  }
  button.disabled = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    said.textContent = words.follow;
    try {
      const optionsJSON = JSON.parse(form.dataset.options);
      const start = form.dataset.passkey === 'enrol' ? startRegistration : startAuthentication;
      form.elements.answer.value = JSON.stringify(await start({ optionsJSON }));
      form.submit();
    } catch (error) {
      said.textContent = error.name === 'InvalidStateError' ? words.known : words.failed;
      button.disabled = false;
      button.focus();
    }
  });
}
