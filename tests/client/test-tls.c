/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "harness.h"

#define ME "{\"name\":\"j.doe\",\"role\":\"reader\",\"permissions\":[\"read\"]}"

/* Two authorities and a certificate for 127.0.0.1 from each, in a folder of its own. */
typedef struct
{
  char *folder;
  FakeService *service; /* with the first authority's certificate */
} Fixture;

static char *
path_in (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

static void
openssl (Fixture *fixture, const char *arguments)
{
  g_autofree char *line = g_strconcat ("openssl ", arguments, NULL);
  g_auto (GStrv) argv = NULL;
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  g_assert_true (g_shell_parse_argv (line, NULL, &argv, &error));
  g_spawn_sync (fixture->folder, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                NULL, NULL, &output, &status, &error);
  g_assert_no_error (error);
  if (status != 0)
    g_error ("%s: %s", line, output);
}

static void
make_certificate (Fixture *fixture, const char *authority, const char *name, const char *subject)
{
  g_autofree char *request = g_strdup_printf (
      "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout %s.key -out %s.csr "
      "-subj /CN=%s -addext subjectAltName=%s",
      name, name, name, subject);
  g_autofree char *sign = g_strdup_printf (
      "x509 -req -in %s.csr -CA %s.pem -CAkey %s.key -CAcreateserial -out %s.pem -days 2 "
      "-copy_extensions copy",
      name, authority, authority, name);

  openssl (fixture, request);
  openssl (fixture, sign);
}

static void
answer_me (FakeService *service,
           SoupServerMessage *message,
           const FakeRequest *request,
           guint number,
           gpointer user_data)
{
  fake_answer (message, 200, ME);
}

static FakeService *
service_with (Fixture *fixture, const char *name)
{
  g_autofree char *certificate_name = g_strconcat (name, ".pem", NULL);
  g_autofree char *key_name = g_strconcat (name, ".key", NULL);
  g_autofree char *certificate_path = path_in (fixture, certificate_name);
  g_autofree char *key_path = path_in (fixture, key_name);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate =
      g_tls_certificate_new_from_files (certificate_path, key_path, &error);

  g_assert_no_error (error);
  return fake_service_new_tls (answer_me, NULL, certificate);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const char *const authorities[] = { "ours", "theirs" };

  fixture->folder = g_dir_make_tmp ("ac-client-tls-XXXXXX", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (authorities); i++)
    {
      g_autofree char *line = g_strdup_printf (
          "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout %s.key "
          "-out %s.pem -days 2 -subj /CN=%s",
          authorities[i], authorities[i], authorities[i]);

      openssl (fixture, line);
    }
  make_certificate (fixture, "ours", "service", "IP:127.0.0.1");
  fixture->service = service_with (fixture, "service");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  fake_service_free (fixture->service);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = path_in (fixture, name);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}

static void
ask (const char *address, const char *ca_file, AcMe **me, GError **error)
{
  g_autoptr (AcApi) api =
      ac_api_new_with_patience (address, TEST_TOKEN, ca_file, &quick_patience, error);
  g_autoptr (GAsyncResult) result = NULL;

  *me = NULL;
  if (api == NULL)
    return;
  ac_api_get_me_async (api, NULL, store_result_cb, &result);
  *me = ac_api_get_me_finish (api, await (&result), error);
}

static void
test_right_authority (Fixture *fixture, gconstpointer data)
{
  g_autofree char *ca = path_in (fixture, "ours.pem");
  g_autoptr (AcMe) me = NULL;
  g_autoptr (GError) error = NULL;

  ask (fake_service_get_address (fixture->service), ca, &me, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (me->name, ==, "j.doe");
}

static void
assert_refused (Fixture *fixture, const char *address, const char *ca_file)
{
  g_autofree char *ca = ca_file != NULL ? path_in (fixture, ca_file) : NULL;
  g_autoptr (AcMe) me = NULL;
  g_autoptr (GError) error = NULL;

  ask (address, ca, &me, &error);
  g_assert_null (me);
  g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_TLS);
  g_assert_false (ac_client_error_maybe_delivered (error));
}

static void
test_wrong_authority (Fixture *fixture, gconstpointer data)
{
  assert_refused (fixture, fake_service_get_address (fixture->service), "theirs.pem");
  /* The system knows neither. */
  assert_refused (fixture, fake_service_get_address (fixture->service), NULL);
  g_assert_cmpuint (fake_service_get_requests (fixture->service)->len, ==, 0);
}

static void
test_wrong_name (Fixture *fixture, gconstpointer data)
{
  FakeService *other;

  make_certificate (fixture, "ours", "other", "DNS:actions.example.org");
  other = service_with (fixture, "other");
  assert_refused (fixture, fake_service_get_address (other), "ours.pem");
  g_assert_cmpuint (fake_service_get_requests (other)->len, ==, 0);
  fake_service_free (other);
}

static void
test_unusable_ca_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *empty = path_in (fixture, "empty.pem");
  g_autoptr (GError) error = NULL;

  assert_refused (fixture, fake_service_get_address (fixture->service), "missing.pem");
  g_file_set_contents (empty, "", 0, &error);
  g_assert_no_error (error);
  assert_refused (fixture, fake_service_get_address (fixture->service), "empty.pem");
}

/* The other end speaks no TLS at all. */
static void
test_plain_server (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RawService) plain = raw_service_new ("HTTP/1.1 400 Bad Request\r\n\r\n");
  g_autofree char *address =
      g_strconcat ("https", raw_service_get_address (plain) + strlen ("http"), NULL);

  assert_refused (fixture, address, "ours.pem");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function)                                                                        \
  g_test_add ("/client/tls/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("right-authority-is-trusted", test_right_authority);
  ADD ("wrong-authority-is-refused", test_wrong_authority);
  ADD ("wrong-name-is-refused", test_wrong_name);
  ADD ("unusable-ca-file", test_unusable_ca_file);
  ADD ("plain-server", test_plain_server);
  return g_test_run ();
}
