/* Honest script, for hinoban's tests: address completion by the postcode. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('change', function (e) {
	if (e.target.name === 'zip') fetch('/api/zip?z=' + encodeURIComponent(e.target.value));
});
