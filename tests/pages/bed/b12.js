/* Honest script, for hinoban's tests: a vendor's release: new functions, the same behaviour. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
window.formAssist = {version: 2, format: function (v) { return v.normalize('NFKC').replace(/\D/g, '').slice(0, 7); },
	pad: function (v) { return ('0000000' + v).slice(-7); }};
document.addEventListener('input', function (e) { if (e.target.name === 'zip') { e.target.value = formAssist.format(e.target.value); e.target.dataset.ok = formAssist.pad(e.target.value); } });
