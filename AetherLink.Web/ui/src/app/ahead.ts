/** What public/start.js has drawn while the application was being loaded goes as that is drawn: nobody sees neither, or both. */
export function takeAheadAway(): void {
  document.getElementById('ahead')?.remove();
}
