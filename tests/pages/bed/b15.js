/* Honest script, for hinoban's tests: order form kept while the customer types (no card fields). */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('change', function (e) {
	if (/^(name|zip|address)$/.test(e.target.name)) sessionStorage.setItem('draft_' + e.target.name, e.target.value);
});
