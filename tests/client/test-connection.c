/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-connection.h"
#include "harness.h"

#define ME "{\"name\":\"j.doe\",\"role\":\"responder\",\"permissions\":[\"read\",\"decide\"]}"

static gboolean
store (AcConnection *connection, const char *token, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ac_connection_store_token_async (connection, token, NULL, store_result_cb, &result);
  return ac_connection_store_token_finish (connection, await (&result), error);
}

static char *
lookup (AcConnection *connection, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ac_connection_lookup_token_async (connection, NULL, store_result_cb, &result);
  return ac_connection_lookup_token_finish (connection, await (&result), error);
}

static void
clear (AcConnection *connection)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  ac_connection_clear_token_async (connection, NULL, store_result_cb, &result);
  g_assert_true (ac_connection_clear_token_finish (connection, await (&result), &error));
  g_assert_no_error (error);
}

static void
assert_token (AcConnection *connection, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *token = lookup (connection, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (token, ==, expected);
}

static void
notify_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  (*(guint *)user_data)++;
}

static void
test_properties (void)
{
  g_autoptr (AcConnection) connection = ac_connection_new ();
  guint n_notified = 0;
  AcTokenStorage storage;

  g_signal_connect (connection, "notify", G_CALLBACK (notify_cb), &n_notified);
  g_object_set (connection, "address", "https://a.example.test", "name", "Ours", "ca-file",
                "/etc/ca.pem", NULL);
  g_assert_cmpuint (n_notified, ==, 3);
  /* Settings cannot hold NULL; empty means the same. */
  g_object_set (connection, "ca-file", "", NULL);
  g_assert_null (ac_connection_get_ca_file (connection));
  g_object_set (connection, "ca-file", NULL, "name", "Ours", NULL);
  g_assert_cmpuint (n_notified, ==, 4);
  g_assert_cmpstr (ac_connection_get_address (connection), ==, "https://a.example.test");
  g_assert_cmpstr (ac_connection_get_name (connection), ==, "Ours");
  g_object_get (connection, "token-storage", &storage, NULL);
  g_assert_cmpint (storage, ==, AC_TOKEN_STORAGE_NONE);
}

/* This test runs where there is no session bus. */
static void
test_without_secret_service (void)
{
  g_autoptr (AcConnection) connection = ac_connection_new ();
  g_autoptr (AcConnection) other = ac_connection_new ();
  g_autoptr (GError) error = NULL;
  guint n_notified = 0;

  g_signal_connect (connection, "notify::token-storage", G_CALLBACK (notify_cb), &n_notified);
  ac_connection_set_address (connection, "https://a.example.test");
  assert_token (connection, NULL);
  g_assert_true (store (connection, TEST_TOKEN, &error));
  g_assert_no_error (error);
  g_assert_cmpint (ac_connection_get_token_storage (connection), ==, AC_TOKEN_STORAGE_THIS_RUN);
  g_assert_cmpuint (n_notified, ==, 1);
  /* The same service, written differently. */
  ac_connection_set_address (connection, "https://A.example.test/");
  assert_token (connection, TEST_TOKEN);
  /* The token of one service is never given to another. */
  ac_connection_set_address (connection, "https://b.example.test");
  assert_token (connection, NULL);
  g_assert_cmpint (ac_connection_get_token_storage (connection), ==, AC_TOKEN_STORAGE_NONE);
  ac_connection_set_address (connection, "https://a.example.test");
  assert_token (connection, TEST_TOKEN);
  g_assert_cmpint (ac_connection_get_token_storage (connection), ==, AC_TOKEN_STORAGE_THIS_RUN);
  clear (connection);
  assert_token (connection, NULL);

  ac_connection_set_address (other, "https://a.example.test");
  ac_connection_set_token_for_this_run (other, TEST_TOKEN);
  assert_token (other, TEST_TOKEN);
  {
    g_autoptr (AcApi) api = ac_connection_prepare_now (other);

    g_assert_nonnull (api);
    g_assert_cmpstr (ac_api_get_address (api), ==, "https://a.example.test");
  }
  ac_connection_set_token_for_this_run (other, NULL);
  assert_token (other, NULL);
  g_assert_null (ac_connection_prepare_now (other));
}

static void
test_unusable_address (void)
{
  g_autoptr (AcConnection) connection = ac_connection_new ();
  g_autoptr (GError) store_error = NULL;
  g_autoptr (GError) lookup_error = NULL;

  ac_connection_set_address (connection, "http://actions.example.org");
  g_assert_false (store (connection, TEST_TOKEN, &store_error));
  g_assert_error (store_error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_INVALID);
  ac_connection_set_address (connection, NULL);
  g_assert_null (lookup (connection, &lookup_error));
  g_assert_error (lookup_error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_INVALID);
}

static void
answer_me (FakeService *service,
           SoupServerMessage *message,
           const FakeRequest *request,
           guint number,
           gpointer user_data)
{
  if (g_str_equal (request->authorization, "Bearer " TEST_TOKEN))
    fake_answer (message, 200, ME);
  else
    fake_problem (message, 401, "unauthorized", "This token is not known here.");
}

static void
test_open (void)
{
  g_autoptr (FakeService) service = fake_service_new (answer_me, NULL);
  g_autoptr (AcConnection) connection = ac_connection_new ();
  g_autoptr (GAsyncResult) without = NULL;
  g_autoptr (GAsyncResult) wrong = NULL;
  g_autoptr (GAsyncResult) right = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcApi) api = NULL;
  g_autoptr (AcMe) me = NULL;

  ac_connection_set_address (connection, fake_service_get_address (service));
  ac_connection_open_async (connection, NULL, store_result_cb, &without);
  g_assert_null (ac_connection_open_finish (connection, await (&without), &me, &error));
  g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (fake_service_get_requests (service)->len, ==, 0);
  g_clear_error (&error);

  ac_connection_set_token_for_this_run (connection, "wrong");
  ac_connection_open_async (connection, NULL, store_result_cb, &wrong);
  g_assert_null (ac_connection_open_finish (connection, await (&wrong), &me, &error));
  g_assert_error (error, AC_CLIENT_ERROR, AC_CLIENT_ERROR_UNAUTHORIZED);
  g_assert_cmpstr (error->message, ==, "This token is not known here.");
  g_clear_error (&error);

  ac_connection_set_token_for_this_run (connection, TEST_TOKEN);
  ac_connection_open_async (connection, NULL, store_result_cb, &right);
  api = ac_connection_open_finish (connection, await (&right), &me, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (me->name, ==, "j.doe");
  g_assert_cmpstr (ac_api_get_address (api), ==, fake_service_get_address (service));
}

static void
test_cancelled (void)
{
  g_autoptr (AcConnection) connection = ac_connection_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) stored = NULL;
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GError) error = NULL;

  ac_connection_set_address (connection, "https://a.example.test");
  g_cancellable_cancel (cancellable);
  ac_connection_store_token_async (connection, TEST_TOKEN, cancellable, store_result_cb, &stored);
  g_assert_false (ac_connection_store_token_finish (connection, await (&stored), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (ac_connection_get_token_storage (connection), ==, AC_TOKEN_STORAGE_NONE);
  g_clear_error (&error);
  ac_connection_open_async (connection, cancellable, store_result_cb, &opened);
  g_assert_null (ac_connection_open_finish (connection, await (&opened), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  /* Neither a bus nor a display that one could be started from. */
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  g_unsetenv ("DISPLAY");
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add_func ("/client/connection/" path, function)
  ADD ("properties", test_properties);
  ADD ("without-a-secret-service-the-token-is-kept-for-this-run", test_without_secret_service);
  ADD ("unusable-address", test_unusable_address);
  ADD ("open", test_open);
  ADD ("cancelled", test_cancelled);
  return g_test_run ();
}
