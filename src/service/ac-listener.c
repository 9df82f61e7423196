/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service/ac-connection.h"
#include "service/ac-hangup-watch.h"
#include "service/ac-listener.h"

/* Descriptors that are not for clients: database, mail servers, log. */
#define RESERVED_DESCRIPTORS 64
#define BACKLOG 1024
#define ACCEPT_AT_ONCE 16
#define TICK 100     /* milliseconds between looks at the deadlines */
#define PAUSE 100    /* milliseconds without accepting after descriptors ran out */
#define HANDSHAKES 6 /* at once: each holds one of GLib's ten threads */
#define HANDSHAKE_GRACE (G_TIME_SPAN_SECOND / 2)
#define REPORT_INTERVAL (10 * G_TIME_SPAN_SECOND)

static void hangup_cb (gpointer connection, gpointer user_data);

typedef struct
{
  AcListener *listener; /* not owned */
  GSocket *socket;
  GSource *source;
  char *path; /* nullable: of a Unix socket, to be removed */
  char *url;
  gboolean tls;
} Door;

struct _AcListener
{
  GObject parent_instance;

  AcRouter *router;              /* not owned */
  const AcServiceConfig *config; /* not owned */
  GTlsCertificate *certificate;  /* nullable */
  GPtrArray *doors;              /* of Door */
  guint most;                    /* connections, streams included */
  guint n_streams;               /* of them */

  GHashTable *connections; /* of AcConnection → whether it is counted as a stream */
  GHashTable *per_address; /* number of connections by address, without streams */
  GQueue waiting;          /* of AcConnection, not owned: want to shake hands */
  GQueue shaking;          /* of AcConnection, not owned: are shaking hands */
  AcHangupWatch *hangups;  /* of streams */
  guint tick_id;
  guint pause_id;

  guint evicted; /* since the last report */
  gint64 reported_at;

  AcListenerStopped stopped;
  gpointer stopped_data;
  gint64 stop_deadline;
};

G_DEFINE_FINAL_TYPE (AcListener, ac_listener, G_TYPE_OBJECT)

static void
door_close (Door *door)
{
  if (door->source != NULL)
    {
      g_source_destroy (door->source);
      g_clear_pointer (&door->source, g_source_unref);
    }
  if (door->socket != NULL)
    {
      g_socket_close (door->socket, NULL);
      g_clear_object (&door->socket);
      if (door->path != NULL)
        g_unlink (door->path);
    }
}

static void
door_free (gpointer data)
{
  Door *door = data;

  door_close (door);
  g_free (door->path);
  g_free (door->url);
  g_free (door);
}

static void
ac_listener_finalize (GObject *object)
{
  AcListener *self = AC_LISTENER (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->pause_id, g_source_remove);
  g_queue_clear (&self->waiting);
  g_queue_clear (&self->shaking);
  g_clear_pointer (&self->doors, g_ptr_array_unref);
  g_clear_pointer (&self->connections, g_hash_table_unref);
  g_clear_pointer (&self->hangups, ac_hangup_watch_free);
  g_clear_pointer (&self->per_address, g_hash_table_unref);
  g_clear_object (&self->certificate);
  G_OBJECT_CLASS (ac_listener_parent_class)->finalize (object);
}

static void
ac_listener_class_init (AcListenerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ac_listener_finalize;
}

static void
ac_listener_init (AcListener *self)
{
  self->doors = g_ptr_array_new_with_free_func (door_free);
  self->connections = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->per_address = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_queue_init (&self->waiting);
  g_queue_init (&self->shaking);
}

/**
 * ac_listener_new:
 * @router: must live longer
 * @config: must live longer
 *
 * Returns: (transfer full): a listener that does not listen yet.
 */
AcListener *
ac_listener_new (AcRouter *router, const AcServiceConfig *config)
{
  AcListener *self = g_object_new (AC_TYPE_LISTENER, NULL);

  self->router = router;
  self->config = config;
  self->hangups = ac_hangup_watch_new (hangup_cb, self);
  return self;
}

/* --- limits --- */

static guint
count_of (AcListener *self, const char *address)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->per_address, address));
}

/* How many connections there may be: no more than there are descriptors for. */
static guint
find_limit (guint wanted)
{
  struct rlimit limit;
  guint most;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return wanted;
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
  getrlimit (RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > (rlim_t)wanted + RESERVED_DESCRIPTORS)
    return wanted;
  most = limit.rlim_cur > 2 * RESERVED_DESCRIPTORS ? (guint)limit.rlim_cur - RESERVED_DESCRIPTORS
                                                   : (guint)limit.rlim_cur / 2;
  g_message ("Only %u connections at once, for this process may open %u files at most", most,
             (guint)limit.rlim_cur);
  return most;
}

/* Of two candidates, the one that goes first: one of the address that has the most connections, and
 * among those the one that has been waiting longest. */
static gboolean
goes_first (AcListener *self, AcConnection *a, AcConnection *b)
{
  guint count_a = count_of (self, ac_connection_get_address (a));
  guint count_b = count_of (self, ac_connection_get_address (b));

  if (count_a != count_b)
    return count_a > count_b;
  return ac_connection_get_since (a) < ac_connection_get_since (b);
}

/* Closes one connection of @address, or of any when NULL. FALSE: none can be spared. */
static gboolean
evict_one (AcListener *self, const char *address)
{
  gint64 now = g_get_monotonic_time ();
  AcConnection *victim = NULL;
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      AcConnection *candidate = key;

      if (ac_connection_is_evictable (candidate, now) &&
          (address == NULL || strcmp (ac_connection_get_address (candidate), address) == 0) &&
          (victim == NULL || goes_first (self, candidate, victim)))
        victim = candidate;
    }
  if (victim == NULL)
    return FALSE;
  ac_connection_close (victim);
  self->evicted++;
  return TRUE;
}

static void
report_evictions (AcListener *self, gint64 now)
{
  if (self->evicted == 0 || now - self->reported_at < REPORT_INTERVAL)
    return;
  g_message ("Closed %u connections without a whole request to make room for others",
             self->evicted);
  self->evicted = 0;
  self->reported_at = now;
}

static void
check_stopped (AcListener *self)
{
  AcListenerStopped stopped = self->stopped;

  if (stopped == NULL || g_hash_table_size (self->connections) > 0)
    return;
  self->stopped = NULL;
  g_clear_handle_id (&self->tick_id, g_source_remove);
  stopped (self->stopped_data);
}

static void
start_handshakes (AcListener *self)
{
  gint64 now = g_get_monotonic_time ();

  while (!g_queue_is_empty (&self->waiting))
    {
      AcConnection *next;

      if (g_queue_get_length (&self->shaking) >= HANDSHAKES)
        {
          AcConnection *oldest = g_queue_peek_head (&self->shaking);

          if (now - ac_connection_get_since (oldest) < HANDSHAKE_GRACE)
            return;
          self->evicted++;
          g_queue_remove (&self->shaking, oldest);
          ac_connection_close (oldest);
          continue;
        }
      next = g_queue_pop_head (&self->waiting);
      g_queue_push_tail (&self->shaking, next);
      ac_connection_start_handshake (next);
    }
}

static gboolean
tick_cb (gpointer user_data)
{
  AcListener *self = user_data;
  g_autoptr (GList) connections = g_hash_table_get_keys (self->connections);
  gint64 now = g_get_monotonic_time ();
  gboolean give_up = self->stopped != NULL && now >= self->stop_deadline;

  /* Closing one takes it out of the table, and may take others out too. */
  for (GList *l = connections; l != NULL; l = l->next)
    if (g_hash_table_contains (self->connections, l->data))
      {
        if (give_up)
          ac_connection_close (l->data);
        else
          ac_connection_check_deadline (l->data, now);
      }
  start_handshakes (self);
  report_evictions (self, now);
  if (g_hash_table_size (self->connections) > 0 || self->evicted > 0)
    return G_SOURCE_CONTINUE;
  self->tick_id = 0;
  return G_SOURCE_REMOVE;
}

/* --- connections --- */

static void
handshake_ready_cb (AcConnection *connection, gpointer user_data)
{
  AcListener *self = user_data;

  g_queue_push_tail (&self->waiting, connection);
  start_handshakes (self);
}

static void
handshake_done_cb (AcConnection *connection, gpointer user_data)
{
  AcListener *self = user_data;

  g_queue_remove (&self->waiting, connection);
  g_queue_remove (&self->shaking, connection);
  start_handshakes (self);
}

static void
leave_address (AcListener *self, AcConnection *connection)
{
  const char *address = ac_connection_get_address (connection);
  guint count = count_of (self, address);

  if (count > 1)
    g_hash_table_insert (self->per_address, g_strdup (address), GUINT_TO_POINTER (count - 1));
  else
    g_hash_table_remove (self->per_address, address);
}

/* A stream is counted by who feeds it, and by the token of its client. It does not count against
 * the address: all who work behind one address have one. */
static void
streaming_cb (AcConnection *connection, GSocket *socket, gpointer user_data)
{
  AcListener *self = user_data;

  leave_address (self, connection);
  if (!ac_hangup_watch_add (self->hangups, socket, connection))
    ac_connection_look (connection);
  /* Where a key is known already, the table takes the new one's reference away. */
  g_hash_table_insert (self->connections, g_object_ref (connection), GINT_TO_POINTER (TRUE));
  self->n_streams++;
}

static void
closed_cb (AcConnection *connection, gpointer user_data)
{
  AcListener *self = user_data;

  if (g_hash_table_lookup (self->connections, connection) != NULL)
    self->n_streams--;
  else
    leave_address (self, connection);
  g_hash_table_remove (self->connections, connection);
  check_stopped (self);
}

static void
hangup_cb (gpointer connection, gpointer user_data)
{
  AcListener *self = user_data;

  if (g_hash_table_contains (self->connections, connection))
    ac_connection_look (connection);
}

static char *
name_of_client (GSocketConnection *socket)
{
  g_autoptr (GSocketAddress) address = g_socket_connection_get_remote_address (socket, NULL);

  if (G_IS_INET_SOCKET_ADDRESS (address))
    return g_inet_address_to_string (
        g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
  return g_strdup ("local");
}

/* Takes @accepted. */
static void
admit (AcListener *self, Door *door, GSocket *accepted)
{
  static const AcConnectionWatch watch = { handshake_ready_cb, handshake_done_cb, streaming_cb,
                                           closed_cb };
  g_autoptr (GSocketConnection) socket = g_socket_connection_factory_create_connection (accepted);
  g_autofree char *address = name_of_client (socket);
  AcConnection *connection;

  g_object_unref (accepted);
  if ((count_of (self, address) >= self->config->connections_per_address &&
       !evict_one (self, address)) ||
      ((g_hash_table_size (self->connections) - self->n_streams >= self->config->connections ||
        g_hash_table_size (self->connections) >= self->most) &&
       !evict_one (self, NULL)))
    {
      self->evicted++;
      return;
    }
  connection = ac_connection_new (socket, address, door->tls ? self->certificate : NULL,
                                  self->router, self->config, &watch, self);
  g_hash_table_insert (self->connections, connection, GINT_TO_POINTER (FALSE));
  g_hash_table_insert (self->per_address, g_strdup (address),
                       GUINT_TO_POINTER (count_of (self, address) + 1));
  if (self->tick_id == 0)
    self->tick_id = g_timeout_add (TICK, tick_cb, self);
  ac_connection_start (connection);
}

static void open_doors (AcListener *self);

static gboolean
pause_over_cb (gpointer user_data)
{
  AcListener *self = user_data;

  self->pause_id = 0;
  open_doors (self);
  return G_SOURCE_REMOVE;
}

/* Descriptors have run out in spite of the limit. Make room, and look away for a moment: the socket
 * stays readable, and would keep the main loop spinning. */
static void
pause_accepting (AcListener *self)
{
  evict_one (self, NULL);
  for (guint i = 0; i < self->doors->len; i++)
    {
      Door *door = self->doors->pdata[i];

      if (door->source != NULL)
        g_source_destroy (door->source);
      g_clear_pointer (&door->source, g_source_unref);
    }
  if (self->pause_id == 0)
    self->pause_id = g_timeout_add (PAUSE, pause_over_cb, self);
}

static gboolean
accept_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  Door *door = user_data;
  AcListener *self = door->listener;

  for (guint i = 0; i < ACCEPT_AT_ONCE; i++)
    {
      g_autoptr (GError) error = NULL;
      GSocket *accepted = g_socket_accept (socket, NULL, &error);

      if (accepted != NULL)
        {
          g_socket_set_blocking (accepted, FALSE);
          admit (self, door, accepted);
          continue;
        }
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        return G_SOURCE_CONTINUE;
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_OPEN_FILES) ||
          g_error_matches (error, G_IO_ERROR, G_IO_ERROR_FAILED))
        {
          g_warning ("A connection could not be accepted: %s", error->message);
          pause_accepting (self);
          return G_SOURCE_REMOVE;
        }
      /* The client has gone again, or its network has: on to the next. */
    }
  return G_SOURCE_CONTINUE;
}

static void
open_doors (AcListener *self)
{
  for (guint i = 0; i < self->doors->len; i++)
    {
      Door *door = self->doors->pdata[i];

      if (door->socket == NULL || door->source != NULL)
        continue;
      door->source = g_socket_create_source (door->socket, G_IO_IN, NULL);
      g_source_set_callback (door->source, G_SOURCE_FUNC (accept_cb), door, NULL);
      g_source_attach (door->source, NULL);
    }
}

/* --- listening --- */

/* A socket file is left over when its process was killed. Nobody may be robbed of one in use. */
static gboolean
remove_stale_socket (const char *path, GSocketAddress *address, GError **error)
{
  g_autoptr (GSocket) probe = NULL;
  g_autoptr (GError) local_error = NULL;
  GStatBuf st;

  if (g_lstat (path, &st) != 0)
    return TRUE;
  if (!S_ISSOCK (st.st_mode))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "%s is there already and is not a socket",
                   path);
      return FALSE;
    }
  probe =
      g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  if (probe == NULL)
    return FALSE;
  if (g_socket_connect (probe, address, NULL, &local_error) ||
      !g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE,
                   "Another program answers on %s already", path);
      return FALSE;
    }
  g_unlink (path);
  return TRUE;
}

static char *
make_url (GSocketAddress *address, gboolean tls)
{
  g_autofree char *host = NULL;

  if (G_IS_UNIX_SOCKET_ADDRESS (address))
    return g_strconcat ("unix:", g_unix_socket_address_get_path (G_UNIX_SOCKET_ADDRESS (address)),
                        NULL);
  host = g_inet_address_to_string (
      g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
  return g_strdup_printf (
      g_socket_address_get_family (address) == G_SOCKET_FAMILY_IPV6 ? "%s://[%s]:%u" : "%s://%s:%u",
      tls ? "https" : "http", host,
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
}

static gboolean
bind_unix (GSocket *socket, GSocketAddress *address, const char *path, GError **error)
{
  mode_t old_mask;
  gboolean bound;

  if (!remove_stale_socket (path, address, error))
    return FALSE;
  /* Mode 0600 from the first moment on; nothing else runs yet that the mask could hurt. */
  old_mask = umask (S_IXUSR | S_IRWXG | S_IRWXO);
  bound = g_socket_bind (socket, address, FALSE, error);
  umask (old_mask);
  return bound;
}

static gboolean
add_door (AcListener *self, const char *text, GError **error)
{
  g_autoptr (GSocketAddress) address = ac_service_config_parse_address (text, error);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GSocket) socket = NULL;
  gboolean is_unix;
  Door *door;

  if (address == NULL)
    return FALSE;
  is_unix = G_IS_UNIX_SOCKET_ADDRESS (address);
  socket = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM,
                         G_SOCKET_PROTOCOL_DEFAULT, error);
  if (socket == NULL)
    return FALSE;
  if (g_socket_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
    g_socket_set_option (socket, IPPROTO_IPV6, IPV6_V6ONLY, 1, NULL);
  g_socket_set_blocking (socket, FALSE);
  g_socket_set_listen_backlog (socket, BACKLOG);
  if (!(is_unix ? bind_unix (socket, address, text + strlen ("unix:"), error)
                : g_socket_bind (socket, address, TRUE, error)) ||
      !g_socket_listen (socket, error))
    return FALSE;
  bound = g_socket_get_local_address (socket, error);
  if (bound == NULL)
    return FALSE;

  door = g_new0 (Door, 1);
  door->listener = self;
  door->socket = g_steal_pointer (&socket);
  door->tls = !is_unix && self->certificate != NULL;
  door->path = is_unix ? g_strdup (text + strlen ("unix:")) : NULL;
  door->url = make_url (bound, door->tls);
  g_ptr_array_add (self->doors, door);
  return TRUE;
}

/**
 * ac_listener_start:
 *
 * Returns: whether it listens on every address of the configuration.
 */
gboolean
ac_listener_start (AcListener *self, GError **error)
{
  if (self->config->certificate != NULL)
    {
      self->certificate =
          g_tls_certificate_new_from_files (self->config->certificate, self->config->key, error);
      if (self->certificate == NULL)
        {
          g_prefix_error (error, "Could not read the certificate %s with the key %s: ",
                          self->config->certificate, self->config->key);
          return FALSE;
        }
    }
  self->most = find_limit (self->config->connections + self->config->streams);
  for (char **listen = self->config->listen; *listen != NULL; listen++)
    if (!add_door (self, *listen, error))
      {
        g_prefix_error (error, "Could not listen on %s: ", *listen);
        g_ptr_array_set_size (self->doors, 0);
        return FALSE;
      }
  open_doors (self);
  return TRUE;
}

/**
 * ac_listener_get_most_streams:
 *
 * Returns: for how many streams there are descriptors, when as many are left for plain requests.
 */
guint
ac_listener_get_most_streams (AcListener *self)
{
  return self->most / 2;
}

/**
 * ac_listener_get_addresses:
 *
 * Returns: (transfer full): the address URLs it listens on.
 */
GStrv
ac_listener_get_addresses (AcListener *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < self->doors->len; i++)
    g_strv_builder_add (builder, ((const Door *)self->doors->pdata[i])->url);
  return g_strv_builder_end (builder);
}

/**
 * ac_listener_stop:
 * @seconds: how long requests that are under way may take
 *
 * Accepts no more, and lets requests that are under way come to their end.
 */
void
ac_listener_stop (AcListener *self, guint seconds, AcListenerStopped stopped, gpointer user_data)
{
  g_autoptr (GList) connections = g_hash_table_get_keys (self->connections);

  g_clear_handle_id (&self->pause_id, g_source_remove);
  for (guint i = 0; i < self->doors->len; i++)
    door_close (self->doors->pdata[i]);
  for (GList *l = connections; l != NULL; l = l->next)
    if (g_hash_table_contains (self->connections, l->data))
      ac_connection_finish (l->data);
  self->stopped = stopped;
  self->stopped_data = user_data;
  self->stop_deadline = g_get_monotonic_time () + seconds * G_TIME_SPAN_SECOND;
  check_stopped (self);
}
