"""Debian's nginx and Apache, with settings of a test's own."""
import os
import subprocess

# To be followed by what else belongs to http, its sites and a brace; for format().
NGINX_HEAD = """daemon off;
user www-data;
pid {base}/nginx.pid;
error_log {base}/nginx.log;
events {{ }}
http {{
    access_log off;
    {temp}
"""


def temp_folders(s):
    return " ".join("%s_temp_path %s/tmp-%s;" % (k, s.base, k)
                    for k in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))


def launch(s, what, program, settings):
    """The server with these settings; it has a port for each of its sites."""
    config = os.path.join(s.base, what + ".conf")
    with open(config, "w") as f:
        f.write(settings)
    command = [program, "-c", config] if what == "nginx" else [program, "-f", config, "-DFOREGROUND"]
    if what == "nginx":
        command += ["-e", os.path.join(s.base, "nginx.log")]
    # Apache ends its process group, which must not be ours.
    return subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)
