import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;

/** The Java client at work, told what to do line by line; each answer is one line. Takes the server and the paths' common prefix. */
public final class ZooKeeperPeer {
    private static final int KEYS = 10_000;
    private static final int SET_KEYS = 64;
    private static final byte[] VALUE = new byte[100];
    private static final AtomicInteger TURN = new AtomicInteger();

    private static ZooKeeper client;
    private static String server;
    private static String prefix;
    private static int serial;

    public static void main(String[] args) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        server = args[0];
        client = new ZooKeeper(server, 30_000, event -> connected.countDown());
        connected.await();
        prefix = args[1];
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            System.out.println(switch (words[0]) {
                case "get" -> words[1].equals("1") ? latency(Long.parseLong(words[2])) : rate(Integer.parseInt(words[1]), Long.parseLong(words[2]), false);
                case "set" -> rate(Integer.parseInt(words[1]), Long.parseLong(words[2]), true);
                case "list" -> list(Long.parseLong(words[1]));
                case "contend" -> contend(Integer.parseInt(words[1]), Long.parseLong(words[2]));
                case "lock" -> lock(Long.parseLong(words[1]));
                case "watch" -> watch(words[1]);
                default -> "?";
            });
            System.out.flush();
        }

        client.close();
    }

    private static String key(int count) {
        int i = Math.floorMod(TURN.incrementAndGet(), count);
        return String.format("%s/section-%03d/key-%05d", prefix, i / 100, i);
    }

    private static double median(long[] samples, int count) {
        Arrays.sort(samples, 0, count);
        return samples[count / 2] / 1000.0;
    }

    /** One get at a time by the asynchronous interface; the median in microseconds. */
    private static double latency(long millis) throws Exception {
        long[] samples = new long[1_000_000];
        int count = 0;
        Semaphore answered = new Semaphore(0);
        long end = System.nanoTime() + millis * 1_000_000;
        for (long start = System.nanoTime(); start < end; start = System.nanoTime()) {
            client.getData(key(KEYS), false, (rc, path, context, data, stat) -> answered.release(), null);
            answered.acquire();
            samples[count++] = System.nanoTime() - start;
        }

        return median(samples, count);
    }

    /** Operations per second with a number of them always under way. */
    private static double rate(int inFlight, long millis, boolean isSet) throws Exception {
        Semaphore free = new Semaphore(inFlight);
        AtomicLong done = new AtomicLong();
        long start = System.nanoTime();
        long end = start + millis * 1_000_000;
        while (System.nanoTime() < end) {
            free.acquire();
            if (isSet) {
                client.setData(key(SET_KEYS), VALUE, -1, (rc, path, context, stat) -> finish(rc, done, free), null);
            } else {
                client.getData(key(KEYS), false, (rc, path, context, data, stat) -> finish(rc, done, free), null);
            }
        }

        free.acquire(inFlight);
        return done.get() * 1e9 / (System.nanoTime() - start);
    }

    private static void finish(int rc, AtomicLong done, Semaphore free) {
        if (rc != KeeperException.Code.OK.intValue()) {
            throw new IllegalStateException("rc " + rc);
        }

        done.incrementAndGet();
        free.release();
    }

    /** Children and gets of all keys, pipelined; the median in microseconds. */
    private static double list(long millis) throws Exception {
        long[] samples = new long[10_000];
        int count = 0;
        long end = System.nanoTime() + millis * 1_000_000;
        for (long start = System.nanoTime(); start < end || count == 0; start = System.nanoTime()) {
            List<String> sections = client.getChildren(prefix, false);
            CountDownLatch left = new CountDownLatch(KEYS);
            for (String section : sections) {
                client.getChildren(prefix + "/" + section, false, (rc, parent, context, names) -> {
                    for (String name : names) {
                        client.getData(parent + "/" + name, false, (code, path, state, data, stat) -> left.countDown(), null);
                    }
                }, null);
            }

            left.await();
            samples[count++] = System.nanoTime() - start;
        }

        return median(samples, count);
    }

    /** The usual lock recipe, uncontended: a sequential ephemeral node, one look at the others, delete. The median in microseconds. */
    private static double lock(long millis) throws Exception {
        String parent = "/java-lock-" + serial++;
        client.create(parent, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        long[] samples = new long[100_000];
        int count = 0;
        long end = System.nanoTime() + millis * 1_000_000;
        for (long start = System.nanoTime(); start < end; start = System.nanoTime()) {
            String seat = client.create(parent + "/seat-", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL);
            if (client.getChildren(parent, false).size() != 1) {
                throw new IllegalStateException("not alone");
            }

            client.delete(seat, -1);
            samples[count++] = System.nanoTime() - start;
        }

        return median(samples, count);
    }

    /** Grants per second of the usual recipe: each contender has a session of its own and watches only who is before him. */
    private static double contend(int contenders, long millis) throws Exception {
        String parent = "/java-lock-" + serial++;
        client.create(parent, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        List<ZooKeeper> sessions = new ArrayList<>();
        for (int i = 0; i < contenders; i++) {
            CountDownLatch connected = new CountDownLatch(1);
            sessions.add(new ZooKeeper(server, 30_000, event -> connected.countDown()));
            connected.await();
        }

        AtomicLong grants = new AtomicLong();
        long start = System.nanoTime();
        long end = start + millis * 1_000_000;
        List<Thread> threads = new ArrayList<>();
        for (ZooKeeper session : sessions) {
            Thread thread = new Thread(() -> {
                try {
                    while (System.nanoTime() < end) {
                        String seat = session.create(parent + "/seat-", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL);
                        awaitTurn(session, parent, seat);
                        grants.incrementAndGet();
                        session.delete(seat, -1);
                    }
                } catch (KeeperException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            threads.add(thread);
            thread.start();
        }

        for (Thread thread : threads) {
            thread.join();
        }

        double rate = grants.get() * 1e9 / (System.nanoTime() - start);
        for (ZooKeeper session : sessions) {
            session.close();
        }

        return rate;
    }

    private static void awaitTurn(ZooKeeper session, String parent, String seat) throws KeeperException, InterruptedException {
        while (true) {
            List<String> seats = session.getChildren(parent, false);
            Collections.sort(seats);
            int place = seats.indexOf(seat.substring(parent.length() + 1));
            if (place == 0) {
                return;
            }

            CountDownLatch gone = new CountDownLatch(1);
            if (session.exists(parent + "/" + seats.get(place - 1), event -> gone.countDown()) != null) {
                gone.await();
            }
        }
    }

    /** Watches a node below which numbers are written until one is negative; each number with the moment its value was in hand. */
    private static String watch(String path) throws Exception {
        StringBuilder seen = new StringBuilder();
        CountDownLatch over = new CountDownLatch(1);
        client.addWatch(path, (WatchedEvent event) -> {
            if (event.getType() == EventType.NodeDataChanged) {
                client.getData(event.getPath(), false, (rc, node, context, data, stat) -> {
                    int number = Integer.parseInt(new String(data, StandardCharsets.US_ASCII));
                    synchronized (seen) {
                        seen.append(number).append(':').append(System.nanoTime()).append(' ');
                    }

                    if (number < 0) {
                        over.countDown();
                    }
                }, null);
            }
        }, AddWatchMode.PERSISTENT_RECURSIVE);
        System.out.println("ready");
        System.out.flush();
        over.await();
        return seen.toString();
    }
}
