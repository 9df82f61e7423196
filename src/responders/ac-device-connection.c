/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "responders/ac-device-connection.h"

/* What a command may answer. */
#define MAX_OUTPUT (1024 * 1024)

struct _AcDeviceConnection
{
  char *name;
  guint timeout;
  GCancellable *cancellable; /* nullable */
  gulong cancelled_id;

  GSocketConnection *socket; /* ours; libssh has a descriptor of its own for the same socket */
  ssh_session session;
  ssh_channel sftp; /* nullable */

  GThread *watchdog;
  GMutex lock; /* guards the rest */
  GCond woken;
  gint64 deadline; /* monotonic; 0: nothing is waited for */
  gboolean is_over;
  gboolean has_bitten; /* the device was silent for too long */
};

/* --- the watchdog --- */

/* Whoever waits for the device gets an error at once. */
static void
cut (AcDeviceConnection *self)
{
  shutdown (g_socket_get_fd (g_socket_connection_get_socket (self->socket)), SHUT_RDWR);
}

static gpointer
watchdog_thread (gpointer data)
{
  AcDeviceConnection *self = data;

  g_mutex_lock (&self->lock);
  while (!self->is_over)
    if (self->deadline == 0)
      g_cond_wait (&self->woken, &self->lock);
    else if (!g_cond_wait_until (&self->woken, &self->lock, self->deadline) &&
             self->deadline != 0 && g_get_monotonic_time () >= self->deadline)
      {
        self->has_bitten = TRUE;
        self->deadline = 0;
        cut (self);
      }
  g_mutex_unlock (&self->lock);
  return NULL;
}

static void
set_deadline (AcDeviceConnection *self, gint64 deadline)
{
  g_mutex_lock (&self->lock);
  /* A later deadline is noticed when the earlier one has come. */
  if (self->deadline == 0)
    g_cond_signal (&self->woken);
  self->deadline = deadline;
  g_mutex_unlock (&self->lock);
}

static void
expect (AcDeviceConnection *self)
{
  set_deadline (self, g_get_monotonic_time () + self->timeout * G_TIME_SPAN_SECOND);
}

static void
expect_nothing (AcDeviceConnection *self)
{
  set_deadline (self, 0);
}

static gboolean
has_bitten (AcDeviceConnection *self)
{
  gboolean bitten;

  g_mutex_lock (&self->lock);
  bitten = self->has_bitten;
  g_mutex_unlock (&self->lock);
  return bitten;
}

static void
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  cut (user_data);
}

/* --- errors --- */

/* Something did not work: because of the cancelling, the watchdog, or the connection. */
static gboolean
fail (AcDeviceConnection *self, AcDeviceError code, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (has_bitten (self))
    g_set_error (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_TIMED_OUT,
                 "The device “%s” did not answer within %u s.", self->name, self->timeout);
  else if (code == AC_DEVICE_ERROR_UNREACHABLE)
    g_set_error (error, AC_DEVICE_ERROR, code, "The device “%s” cannot be reached: %s.", self->name,
                 ssh_get_error (self->session));
  else
    g_set_error (error, AC_DEVICE_ERROR, code, "The connection to the device “%s” was lost: %s.",
                 self->name, ssh_get_error (self->session));
  return FALSE;
}

/* --- the connection --- */

static GSocketConnection *
connect_socket (const AcDeviceEndpoint *endpoint, GCancellable *cancellable, GError **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) problem = NULL;
  GSocketConnection *connection;

  g_socket_client_set_timeout (client, endpoint->timeout);
  g_socket_client_set_enable_proxy (client, FALSE);
  connection = g_socket_client_connect_to_host (client, endpoint->host, endpoint->port, cancellable,
                                                &problem);
  if (connection != NULL)
    {
      /* As SSH clients do: a request waits for its answer, and not for an acknowledgement. */
      g_socket_set_option (g_socket_connection_get_socket (connection), IPPROTO_TCP, TCP_NODELAY, 1,
                           NULL);
      return connection;
    }
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&problem));
  else
    g_set_error (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_UNREACHABLE,
                 "The device “%s” cannot be reached at %s, port %u: %s.", endpoint->name,
                 endpoint->host, endpoint->port, problem->message);
  return NULL;
}

static gboolean
set_options (ssh_session session, const AcDeviceEndpoint *endpoint)
{
  unsigned int port = endpoint->port;
  /* The watchdog comes first. */
  long timeout = endpoint->timeout + 5;
  g_autofree char *folder = g_path_get_dirname (endpoint->known_hosts);
  int no = 0;

  /* Nobody's own files count: neither the configuration nor the known hosts of a user or of this
   * machine. */
  return ssh_options_set (session, SSH_OPTIONS_PROCESS_CONFIG, &no) == SSH_OK &&
         ssh_options_set (session, SSH_OPTIONS_SSH_DIR, folder) == SSH_OK &&
         ssh_options_set (session, SSH_OPTIONS_HOST, endpoint->host) == SSH_OK &&
         ssh_options_set (session, SSH_OPTIONS_PORT, &port) == SSH_OK &&
         ssh_options_set (session, SSH_OPTIONS_USER, endpoint->user) == SSH_OK &&
         ssh_options_set (session, SSH_OPTIONS_KNOWNHOSTS, endpoint->known_hosts) == SSH_OK &&
         ssh_options_set (session, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null") == SSH_OK &&
         ssh_options_set (session, SSH_OPTIONS_TIMEOUT, &timeout) == SSH_OK;
}

static gboolean
refuse_host_key (const AcDeviceEndpoint *endpoint, const char *what, GError **error)
{
  g_set_error (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_HOST_KEY,
               "%s Nothing was done. The service's administrator keeps the known host keys in “%s” "
               "(%s, port %u).",
               what, endpoint->known_hosts, endpoint->host, endpoint->port);
  return FALSE;
}

/* Before anything is sent to it: a device whose key nobody has noted is not talked to at all. */
static gboolean
check_is_known (ssh_session session, const AcDeviceEndpoint *endpoint, GError **error)
{
  g_autofree char *what = NULL;

  if (ssh_session_has_known_hosts_entry (session) == SSH_KNOWN_HOSTS_OK)
    return TRUE;
  what = g_strdup_printf ("The host key of the device “%s” is not known.", endpoint->name);
  return refuse_host_key (endpoint, what, error);
}

static gboolean
check_host_key (ssh_session session, const AcDeviceEndpoint *endpoint, GError **error)
{
  g_autofree char *what = NULL;

  switch (ssh_session_is_known_server (session))
    {
    case SSH_KNOWN_HOSTS_OK:
      return TRUE;
    case SSH_KNOWN_HOSTS_CHANGED:
    case SSH_KNOWN_HOSTS_OTHER:
      what =
          g_strdup_printf ("The device “%s” shows another host key than the known one: it was set "
                           "up anew, or something else answers in its place.",
                           endpoint->name);
      break;
    case SSH_KNOWN_HOSTS_UNKNOWN:
    case SSH_KNOWN_HOSTS_NOT_FOUND:
      what = g_strdup_printf ("The host key of the device “%s” is not known.", endpoint->name);
      break;
    case SSH_KNOWN_HOSTS_ERROR:
    default:
      what = g_strdup_printf ("The host key of the device “%s” could not be checked: %s.",
                              endpoint->name, ssh_get_error (session));
      break;
    }
  return refuse_host_key (endpoint, what, error);
}

static gboolean
log_in (AcDeviceConnection *self, const AcDeviceEndpoint *endpoint, GError **error)
{
  ssh_key key = NULL;
  int answer;

  if (ssh_pki_import_privkey_base64 (endpoint->key, NULL, NULL, NULL, &key) != SSH_OK)
    {
      g_set_error (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_AUTHENTICATION,
                   "The service's private key cannot be read.");
      return FALSE;
    }
  answer = ssh_userauth_publickey (self->session, NULL, key);
  ssh_key_free (key);
  switch (answer)
    {
    case SSH_AUTH_SUCCESS:
      return TRUE;
    case SSH_AUTH_DENIED:
    case SSH_AUTH_PARTIAL:
      g_set_error (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_AUTHENTICATION,
                   "The device “%s” does not let “%s” in with the service's key; put the key into "
                   "that user's authorized_keys there.",
                   self->name, endpoint->user);
      return FALSE;
    default:
      return fail (self, AC_DEVICE_ERROR_CLOSED, error);
    }
}

static gboolean
shake_hands (AcDeviceConnection *self, const AcDeviceEndpoint *endpoint, GError **error)
{
  int fd =
      fcntl (g_socket_get_fd (g_socket_connection_get_socket (self->socket)), F_DUPFD_CLOEXEC, 3);
  gboolean good;

  /* libssh closes it. */
  if (fd < 0 || ssh_options_set (self->session, SSH_OPTIONS_FD, &fd) != SSH_OK)
    {
      g_set_error (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_UNREACHABLE,
                   "The device “%s” cannot be connected to: %s.", self->name, g_strerror (errno));
      if (fd >= 0)
        close (fd);
      return FALSE;
    }
  expect (self);
  good =
      (ssh_connect (self->session) == SSH_OK || fail (self, AC_DEVICE_ERROR_UNREACHABLE, error)) &&
      check_host_key (self->session, endpoint, error) && log_in (self, endpoint, error);
  expect_nothing (self);
  return good;
}

/**
 * ac_device_connection_open:
 *
 * Returns: (transfer full): a connection to the device that is known by its host key, logged in; or
 * %NULL with AC_DEVICE_ERROR or %G_IO_ERROR_CANCELLED.
 */
AcDeviceConnection *
ac_device_connection_open (const AcDeviceEndpoint *endpoint,
                           GCancellable *cancellable,
                           GError **error)
{
  g_autoptr (AcDeviceConnection) self = g_new0 (AcDeviceConnection, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->woken);
  self->name = g_strdup (endpoint->name);
  self->timeout = endpoint->timeout;
  g_set_object (&self->cancellable, cancellable);
  self->session = ssh_new ();
  if (self->session == NULL || !set_options (self->session, endpoint))
    {
      g_set_error (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_UNUSABLE,
                   "“%s” cannot be the address of the device “%s”.", endpoint->host,
                   endpoint->name);
      return NULL;
    }
  if (!check_is_known (self->session, endpoint, error) ||
      (self->socket = connect_socket (endpoint, cancellable, error)) == NULL)
    return NULL;
  self->watchdog = g_thread_new ("device-watchdog", watchdog_thread, self);
  if (cancellable != NULL)
    self->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self, NULL);
  if (!shake_hands (self, endpoint, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
ac_device_connection_free (AcDeviceConnection *self)
{
  if (self->session != NULL)
    {
      if (self->watchdog != NULL)
        expect (self);
      if (self->sftp != NULL)
        ssh_channel_free (self->sftp);
      ssh_disconnect (self->session);
      ssh_free (self->session);
    }
  if (self->cancelled_id != 0)
    g_cancellable_disconnect (self->cancellable, self->cancelled_id);
  if (self->watchdog != NULL)
    {
      g_mutex_lock (&self->lock);
      self->is_over = TRUE;
      g_cond_signal (&self->woken);
      g_mutex_unlock (&self->lock);
      g_thread_join (self->watchdog);
    }
  g_clear_object (&self->socket);
  g_clear_object (&self->cancellable);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->woken);
  g_free (self->name);
  g_free (self);
}

/* --- SFTP --- */

/**
 * ac_device_connection_open_sftp:
 *
 * Opens the channel that the two functions below read and write.
 */
gboolean
ac_device_connection_open_sftp (AcDeviceConnection *self, GError **error)
{
  gboolean good;

  expect (self);
  self->sftp = ssh_channel_new (self->session);
  good = self->sftp != NULL && ssh_channel_open_session (self->sftp) == SSH_OK;
  if (!good)
    fail (self, AC_DEVICE_ERROR_CLOSED, error);
  else if (ssh_channel_request_sftp (self->sftp) != SSH_OK)
    {
      good = FALSE;
      if (!ssh_is_connected (self->session))
        fail (self, AC_DEVICE_ERROR_CLOSED, error);
      else
        g_set_error (error, AC_DEVICE_ERROR, AC_DEVICE_ERROR_UNUSABLE,
                     "The device “%s” has no SFTP; its SSH server needs a line “Subsystem sftp”.",
                     self->name);
    }
  expect_nothing (self);
  return good;
}

/**
 * ac_device_connection_read:
 *
 * Reads exactly so many bytes.
 */
gboolean
ac_device_connection_read (AcDeviceConnection *self, gpointer data, gsize length, GError **error)
{
  guint8 *at = data;

  expect (self);
  while (length > 0)
    {
      int n = ssh_channel_read (self->sftp, at, (uint32_t)MIN (length, G_MAXINT32), 0);

      if (n <= 0)
        {
          expect_nothing (self);
          return fail (self, AC_DEVICE_ERROR_CLOSED, error);
        }
      at += n;
      length -= (gsize)n;
      expect (self);
    }
  expect_nothing (self);
  return TRUE;
}

/**
 * ac_device_connection_write:
 *
 * Writes all of it.
 */
gboolean
ac_device_connection_write (AcDeviceConnection *self,
                            gconstpointer data,
                            gsize length,
                            GError **error)
{
  const guint8 *at = data;

  expect (self);
  while (length > 0)
    {
      int n = ssh_channel_write (self->sftp, at, (uint32_t)MIN (length, G_MAXINT32));

      if (n <= 0)
        {
          expect_nothing (self);
          return fail (self, AC_DEVICE_ERROR_CLOSED, error);
        }
      at += n;
      length -= (gsize)n;
      expect (self);
    }
  expect_nothing (self);
  return TRUE;
}

/* --- single commands --- */

static gboolean
collect (AcDeviceConnection *self, ssh_channel channel, GString *output)
{
  char buffer[4096];
  int n;

  /* Complaints are not asked for, but must be taken away. */
  while ((n = ssh_channel_read (channel, buffer, sizeof buffer, 0)) > 0 && output->len < MAX_OUTPUT)
    {
      g_string_append_len (output, buffer, n);
      expect (self);
    }
  while (n == 0 && (n = ssh_channel_read (channel, buffer, sizeof buffer, 1)) > 0)
    {
      expect (self);
      n = 0;
    }
  return n == 0 && memchr (output->str, '\0', output->len) == NULL;
}

/**
 * ac_device_connection_run:
 * @input: (nullable): what the command reads
 *
 * Runs a command, which must not answer much. Whether it did what it was to do, its output must
 * say: where no command may be run there is none.
 *
 * Returns: (transfer full): what it has written to its standard output.
 */
char *
ac_device_connection_run (AcDeviceConnection *self,
                          const char *command,
                          const char *input,
                          GError **error)
{
  g_autoptr (GString) output = g_string_new (NULL);
  ssh_channel channel = ssh_channel_new (self->session);
  gboolean good;

  expect (self);
  good = channel != NULL && ssh_channel_open_session (channel) == SSH_OK;
  if (good && ssh_channel_request_exec (channel, command) == SSH_OK)
    {
      gsize length = input != NULL ? strlen (input) : 0;

      good = (length == 0 || ssh_channel_write (channel, input, (uint32_t)length) == (int)length) &&
             ssh_channel_send_eof (channel) == SSH_OK && collect (self, channel, output);
    }
  /* A refused request is an answer; a lost connection is not. */
  good = good && ssh_is_connected (self->session) && !has_bitten (self);
  if (!good)
    fail (self, AC_DEVICE_ERROR_CLOSED, error);
  if (channel != NULL)
    ssh_channel_free (channel);
  expect_nothing (self);
  return good ? g_string_free (g_steal_pointer (&output), FALSE) : NULL;
}
